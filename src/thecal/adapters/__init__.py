"""Input and output: everything that reads a clock, a socket or a file on behalf of the rooms below."""
