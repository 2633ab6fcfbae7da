"""What the generator and its output cost, as ratios to others that ran in between."""
