/** A stretch of time in which something ran; `toMs` of what still runs is now. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A part of the axis: real time and where it is drawn, from 0 to 1. */
export interface Segment extends Span {
  readonly folded: boolean;
  readonly x0: number;
  readonly x1: number;
}

/** An axis of time on which idle stretches may be drawn shorter than they were. */
export interface Axis {
  readonly segments: readonly Segment[];
  /** Where a moment is drawn, from 0 to 1; moments outside lie at the ends. */
  at(ms: number): number;
  /** The moment that is drawn there. */
  time(x: number): number;
}

/** An idle stretch is folded when it is longer than this, and than a tenth of all that is not idle. */
const LEAST_IDLE_MS = 5000;
const IDLE_SHARE = 0.1;
/** How much of the axis one folded stretch has, and all of them together at most. */
const FOLD_WIDTH = 0.06;
const MOST_FOLDED = 0.4;

/**
 * The axis for a run: linear, or with its idle stretches folded to one small width each.
 *
 * @param busy when something ran, in any order, overlapping or not
 * @param all the whole time that the axis shows; `busy` is clipped to it
 */
export function foldTime(busy: readonly Span[], all: Span, fold: boolean): Axis {
  const whole = { fromMs: all.fromMs, toMs: Math.max(all.toMs, all.fromMs + 1) };
  const stretches = fold ? cut(whole, idleOf(busy, whole)) : [{ ...whole, folded: false }];
  return axisOf(placed(stretches));
}

/** The idle stretches worth folding, in order. */
function idleOf(busy: readonly Span[], all: Span): Span[] {
  const spans = busy
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, all.fromMs), toMs: Math.min(toMs, all.toMs) }))
    .filter(({ fromMs, toMs }) => toMs >= fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const gaps: Span[] = [];
  let until = all.fromMs;
  for (const { fromMs, toMs } of [...spans, { fromMs: all.toMs, toMs: all.toMs }]) {
    if (fromMs > until) gaps.push({ fromMs: until, toMs: fromMs });
    until = Math.max(until, toMs);
  }
  const idleMs = gaps.reduce((sum, gap) => sum + (gap.toMs - gap.fromMs), 0);
  const least = Math.max(LEAST_IDLE_MS, (all.toMs - all.fromMs - idleMs) * IDLE_SHARE);
  return gaps.filter(({ fromMs, toMs }) => toMs - fromMs > least);
}

type Stretch = Span & { readonly folded: boolean };

function cut(all: Span, gaps: readonly Span[]): Stretch[] {
  const parts: Stretch[] = [];
  let from = all.fromMs;
  for (const gap of gaps) {
    if (gap.fromMs > from) parts.push({ fromMs: from, toMs: gap.fromMs, folded: false });
    parts.push({ ...gap, folded: true });
    from = gap.toMs;
  }
  if (all.toMs > from) parts.push({ fromMs: from, toMs: all.toMs, folded: false });
  return parts;
}

function placed(stretches: readonly Stretch[]): Segment[] {
  const folds = stretches.filter(({ folded }) => folded).length;
  const openMs = stretches.reduce((sum, { folded, fromMs, toMs }) => sum + (folded ? 0 : toMs - fromMs), 0);
  const each = openMs === 0 ? 1 / Math.max(1, folds) : Math.min(FOLD_WIDTH, MOST_FOLDED / Math.max(1, folds));
  const scale = openMs === 0 ? 0 : (1 - folds * each) / openMs;
  let x = 0;
  return stretches.map((stretch, place) => {
    const x0 = x;
    x = place === stretches.length - 1 ? 1 : x + (stretch.folded ? each : (stretch.toMs - stretch.fromMs) * scale);
    return { ...stretch, x0, x1: x };
  });
}

function axisOf(segments: readonly Segment[]): Axis {
  const [first, last] = [segments[0] as Segment, segments.at(-1) as Segment];
  return {
    segments,
    at: (ms) => {
      if (ms <= first.fromMs) return 0;
      const segment = segments.find(({ toMs }) => ms <= toMs);
      if (segment === undefined) return 1;
      return segment.x0 + ((ms - segment.fromMs) / (segment.toMs - segment.fromMs)) * (segment.x1 - segment.x0);
    },
    time: (x) => {
      const { fromMs, toMs, x0, x1 } = segments.find((segment) => x <= segment.x1) ?? last;
      return x1 === x0 ? fromMs : fromMs + Math.min(1, Math.max(0, (x - x0) / (x1 - x0))) * (toMs - fromMs);
    },
  };
}

const NICE_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 604_800];

/** Round moments to write on an axis: at most `most`, none within a fold, none closer to another than they are wide. */
export function ticks(axis: Axis, most: number): { readonly ms: number; readonly x: number }[] {
  const open = axis.segments.filter(({ folded }) => !folded);
  const openMs = open.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
  const stepMs = (NICE_S.find((s) => openMs / (s * 1000) <= most) ?? 604_800) * 1000;
  const found: { ms: number; x: number }[] = [];
  for (const { fromMs, toMs, x0, x1 } of open) {
    for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= toMs; ms += stepMs) {
      const x = axis.at(ms);
      const apart = found.length === 0 || x - (found.at(-1)?.x ?? 0) >= 0.8 / most;
      if (apart && x - x0 >= 0 && x1 - x >= 0) found.push({ ms, x });
    }
  }
  return found;
}
