"""The physician programmer as a site: sign in, interrogate, draft, review, update, verify, report."""
