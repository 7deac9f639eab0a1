import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

interface Options<T> {
  onSuccess?: (made: T) => unknown;
  onError?: (error: Error) => unknown;
}

/** Why a button cannot be pressed while what it does is under way. */
export const BUSY = 'It is being done.';

/**
 * Something that a press does: a second press while it is being done does nothing. The page is drawn anew only after a moment, so
 * that a quick second press still meets a button which is not barred: `underWay` is right at once, `busy` with the next drawing.
 */
export function useAct<T, A = void>(act: (given: A) => Promise<T>, options: Options<T> = {}) {
  const under = useRef(false);
  const { mutate, error, isPending } = useMutation({
    ...options,
    mutationFn: act,
    onSettled: () => {
      under.current = false;
    },
  });
  const go = (given: A) => {
    if (under.current) return;
    under.current = true;
    mutate(given);
  };
  return { go, error, busy: isPending ? BUSY : undefined, underWay: () => under.current };
}
