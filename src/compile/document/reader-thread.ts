// Reads one document, in a thread of its own: it is a stranger's file, so it is parsed where time and memory end. Only one library is loaded.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { DocumentKind } from './kind.js';

/** What the thread is given. */
export interface ReaderData {
  readonly kind: Exclude<DocumentKind, 'markdown'>;
  readonly bytes: Uint8Array;
  /** Where it came from, of a page. */
  readonly url: string | undefined;
  readonly mostPages: number;
}

/** What it says, once. */
export interface Told {
  readonly pages?: readonly string[];
  /** Of a picture: how sure its letters are, in a hundred. */
  readonly confidence?: number;
  readonly refused?: string;
  readonly failed?: string;
}

const { kind, bytes, url, mostPages } = workerData as ReaderData;

const readers: Readonly<Record<ReaderData['kind'], () => Promise<Told>>> = {
  pdf: async () => {
    const { getDocumentProxy, extractText } = await import('unpdf');
    const document = await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, stopAtErrors: false });
    if (document.numPages > mostPages)
      return { refused: `It has ${document.numPages} pages; the limit is ${mostPages}.` };
    const { text } = await extractText(document, { mergePages: false });
    return { pages: text };
  },
  docx: async () => {
    const { default: mammoth } = await import('mammoth');
    const noImages = mammoth.images.imgElement(async () => ({ src: '' }));
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: noImages });
    return { pages: [await markdownOf(value)] };
  },
  html: async () => {
    const [{ parseHTML }, { Defuddle }] = await Promise.all([import('linkedom'), import('defuddle/node')]);
    const { document } = parseHTML(new TextDecoder().decode(bytes));
    const found = await Defuddle(document, url ?? 'https://document.invalid/', { useAsync: false });
    const title = found.title ? `# ${found.title}\n\n` : '';
    return { pages: [title + (await markdownOf(found.content))] };
  },
  image: async () => {
    const { createWorker } = await import('tesseract.js');
    const require = createRequire(import.meta.url);
    const langPath = join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), '4.0.0');
    const worker = await createWorker('eng', 1, { langPath, cacheMethod: 'none', gzip: true });
    const { data } = await worker.recognize(Buffer.from(bytes));
    await worker.terminate();
    return { pages: [data.text], confidence: data.confidence };
  },
};

async function markdownOf(html: string): Promise<string> {
  const { NodeHtmlMarkdown } = await import('node-html-markdown');
  return NodeHtmlMarkdown.translate(html);
}

function told(error: unknown): Told {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { failed: `${name}: ${message.slice(0, 300)}` };
}

const answer = await readers[kind]().catch(told);
parentPort?.postMessage(answer);
