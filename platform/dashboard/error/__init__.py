"""What a visitor is shown in place of a page that there is not."""
