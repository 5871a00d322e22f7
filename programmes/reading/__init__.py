"""What pages and API show of the team's side, in a fixed number of queries; what may not be seen raises Http404."""
