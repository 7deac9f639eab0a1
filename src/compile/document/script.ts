/**
 * What reads a document, as the text of a worker thread: it is a stranger's file, so it is parsed where time and memory end. Only
 * one library is loaded in it. It is text and no module, for it must run from the sources and from what they are built into alike.
 */
export const READER = String.raw`
const { parentPort, workerData } = require('node:worker_threads');
const { kind, bytes, url, modules, most } = workerData;
const markdownOf = async (html) => (await import(modules.markdown)).NodeHtmlMarkdown.translate(html);
const readers = {
  async pdf() {
    const { getDocumentProxy, extractText } = await import(modules.pdf);
    const document = await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, stopAtErrors: false });
    if (document.numPages > most.pages) return { refused: 'It has ' + document.numPages + ' pages; the limit is ' + most.pages + '.' };
    const { text } = await extractText(document, { mergePages: false });
    return { pages: text };
  },
  async docx() {
    const { default: mammoth } = await import(modules.docx);
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: mammoth.images.imgElement(async () => ({ src: '' })) });
    return { pages: [await markdownOf(value)] };
  },
  async html() {
    const { parseHTML } = await import(modules.dom);
    const { Defuddle } = await import(modules.article);
    const { document } = parseHTML(new TextDecoder().decode(bytes));
    const found = await Defuddle(document, url ?? 'https://document.invalid/', { useAsync: false });
    const title = found.title ? '# ' + found.title + '\n\n' : '';
    return { pages: [title + (await markdownOf(found.content))] };
  },
  async image() {
    const { createWorker } = (await import(modules.ocr)).default;
    const worker = await createWorker('eng', 1, { langPath: modules.language, cacheMethod: 'none', gzip: true });
    const { data } = await worker.recognize(Buffer.from(bytes));
    await worker.terminate();
    return { pages: [data.text], confidence: data.confidence };
  },
};
readers[kind]().then(
  (read) => parentPort.postMessage(read),
  (error) => parentPort.postMessage({ failed: String(error?.name ?? 'Error') + ': ' + String(error?.message ?? error).slice(0, 300) }),
);
`;
