"""Three Django sites over one design: physician programmer, patient programmers, the patient's room."""
