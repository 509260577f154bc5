"""What may be said from answers: counts with bases, estimates with intervals, and when there are none."""
