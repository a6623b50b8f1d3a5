"""Reference datasets: facts with a publisher, a licence and a valid time of their own."""
