"""What exists: pump models, catheters, drugs and the body they meet; every number with source and confidence."""
