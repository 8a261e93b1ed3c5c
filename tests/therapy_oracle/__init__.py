"""An independent reckoning of plans and checks, held against what the command line prints."""
