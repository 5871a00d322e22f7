"""What pages and API show of the theory, in a fixed number of queries; what may not be seen raises Http404."""
