"""The one sentence that stands below everything that is printed."""

NOTICE = "Simulated. Thecal is not a medical device and does not replace a doctor."
