"""What the pages share: frame, words, number formats, sign-in, headers."""
