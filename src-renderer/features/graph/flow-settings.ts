import type { ReactFlowProps } from '@xyflow/react';

/** A graph that is looked at: it moves and zooms, and its blocks are ordinary buttons with keys of their own. */
export const stillFlow = {
  minZoom: 0.1,
  maxZoom: 1.5,
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  elementsSelectable: false,
  panOnScroll: true,
  zoomOnDoubleClick: false,
  disableKeyboardA11y: true,
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  panActivationKeyCode: null,
  proOptions: { hideAttribution: true },
} as const satisfies ReactFlowProps;

/** The size of the map of a large graph, in pixels. */
export const mapSize = { width: 150, height: 90 } as const;
