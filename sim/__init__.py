"""An agent-based simulation of how an insurgent group is financed, and of what policies against it do."""
