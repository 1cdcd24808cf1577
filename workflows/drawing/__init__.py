"""Pictures of a process: its diagram, and the flow of its SOP sheet, as SVG and line art."""
