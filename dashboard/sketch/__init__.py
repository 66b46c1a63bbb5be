"""What the Sketch page is made of."""
