import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Box, Size } from './graph.js';
import { type Drawn, openStage, type Stage } from './stage.js';

/**
 * A drawing on its stage.
 *
 * @param drawing another one is opened anew
 * @param at where it opens, and what is brought into sight when it changes
 */
export function useStage(drawing: Size, at: Box | undefined) {
  const pane = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage>(undefined);
  const [drawn, setDrawn] = useState<Drawn>();
  const opensAt = useEffectEvent(() => at);
  useLayoutEffect(() => {
    if (!pane.current || !layer.current) return undefined;
    const opened = openStage({
      pane: pane.current,
      layer: layer.current,
      drawing,
      at: () => opensAt(),
      onDrawn: setDrawn,
    });
    stage.current = opened;
    return () => opened.close();
  }, [drawing]);
  useEffect(() => {
    if (at) stage.current?.show(at, true);
  }, [at]);
  return { pane, layer, stage, drawn };
}
