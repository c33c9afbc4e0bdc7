"""The page that shows the answers: one self-contained HTML file."""
