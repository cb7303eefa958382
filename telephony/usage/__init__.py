"""What a company uses: its calls and minutes by day, and how near it is to what its plan holds."""
