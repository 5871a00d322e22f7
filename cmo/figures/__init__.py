"""The theory as a graph, a drawing and a file: pure, the same data gives the same bytes."""

from cmo.figures.one import configuration_svg

__all__ = ["configuration_svg"]
