"""What the Probe page is made of."""
