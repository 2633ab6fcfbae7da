"""What each template sees: frozen values that hold finished code, and the functions that make them."""
