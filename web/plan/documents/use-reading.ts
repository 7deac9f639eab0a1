import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { roomNow } from '../../api/room-clock.js';
import { addDocument, type Document } from './data.js';

export type Source = { readonly file: File } | { readonly url: string };

/** One document on its way into the room. */
export interface Reading {
  readonly id: number;
  readonly name: string;
  readonly bytes: number | null;
  readonly state: 'waits' | 'reads' | 'done' | 'refused';
  /** When it began. */
  readonly since: string;
  readonly document?: Document;
  readonly error?: unknown;
}

type OnRead = (document: Document) => void;

/** Documents that are read one after the other, and what became of each. Those that were read stay in sight until others come. */
export function useReading() {
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  const before = useRef(Promise.resolve());
  const number = useRef(0);
  const client = useQueryClient();
  const change = (id: number, part: Partial<Reading>) =>
    setReadings((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const readOne = async (id: number, source: Source, onRead: OnRead): Promise<void> => {
    change(id, { state: 'reads', since: now() });
    try {
      const document = await addDocument(await bodyOf(source));
      change(id, { state: 'done', document });
      onRead(document);
      await client.invalidateQueries({ queryKey: ['documents', 'list'] });
    } catch (error) {
      change(id, { state: 'refused', error });
    }
  };
  const add = (sources: readonly Source[], onRead: OnRead = () => {}) => {
    const fresh = sources.map((source) => ({ source, reading: readingOf((number.current += 1), source) }));
    setReadings((all) => [...all.filter(({ state }) => state !== 'done'), ...fresh.map(({ reading }) => reading)]);
    for (const { source, reading } of fresh)
      before.current = before.current.then(() => readOne(reading.id, source, onRead));
  };
  const forget = (id: number) => setReadings((all) => all.filter((one) => one.id !== id));
  return { readings, add, forget };
}

const now = (): string => new Date(roomNow()).toISOString();

function readingOf(id: number, source: Source): Reading {
  const [name, bytes] = 'file' in source ? [source.file.name, source.file.size] : [source.url, null];
  return { id, name, bytes, state: 'waits', since: now() };
}

async function bodyOf(source: Source): Promise<Parameters<typeof addDocument>[0]> {
  if ('url' in source) return { url: source.url };
  return { name: source.file.name, content: await base64Of(source.file) };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file cannot be read.')));
    reader.addEventListener('load', () => {
      const { result } = reader;
      // `data:TYPE;base64,…`
      resolve(typeof result === 'string' ? result.slice(result.indexOf(',') + 1) : '');
    });
    reader.readAsDataURL(file);
  });
}
