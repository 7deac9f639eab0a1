import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { readAgain } from './read-again.js';

test('what is told while something is read for the first time has it read once more', async () => {
  const client = new QueryClient();
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ['list', 'open'],
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
  });
  const seen: (string | undefined)[] = [];
  const leave = observer.subscribe(({ data }) => void seen.push(data));
  await expect.poll(() => answers.length).toBe(1);
  readAgain(client, { queryKey: ['list'] });
  answers[0]?.('old');
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.('new');
  await expect.poll(() => seen.at(-1)).toBe('new');
  leave();
});
