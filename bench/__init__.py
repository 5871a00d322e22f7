"""What the claims about speed, size and safety under load rest on. See README.md beside this file."""
