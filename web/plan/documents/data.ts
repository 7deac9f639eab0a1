import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, read } from '../../api/client.js';

const PAGE = 50;
const loadDocuments = (before: string | undefined) =>
  read(api.GET('/v1/documents', { params: { query: { limit: PAGE, ...(before === undefined ? {} : { before }) } } }));
const loadDocument = (document: string) =>
  read(api.GET('/v1/documents/{document}', { params: { path: { document } } }));

export type Document = Awaited<ReturnType<typeof loadDocuments>>['documents'][number];
export type DocumentDetail = Awaited<ReturnType<typeof loadDocument>>;
export type Requirement = DocumentDetail['requirements'][number];

/** Documents that were read, the newest first, page by page. */
export const documentsQuery = infiniteQueryOptions({
  queryKey: ['documents', 'list'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) => loadDocuments(pageParam),
  getNextPageParam: ({ next }) => next ?? undefined,
});

/** A document never changes. */
export const documentQuery = (document: string) =>
  queryOptions({
    queryKey: ['documents', 'one', document],
    queryFn: () => loadDocument(document),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Reads a file or a page of the web, and keeps its text. */
export const addDocument = (body: { name: string; content: string } | { url: string }) =>
  read(api.POST('/v1/documents', { body }));

/** What a document asks for, by a language model as well where there is one. */
export const extract = (document: string) =>
  read(api.POST('/v1/documents/{document}/requirements', { params: { path: { document } } }));

/** A plan of its own commands, or for a goal that it is about. */
export const draft = (document: string, goal: string | undefined) =>
  read(
    api.POST('/v1/documents/{document}/draft', {
      params: { path: { document } },
      body: goal === undefined ? {} : { goal },
    }),
  );
export type Drafted = Awaited<ReturnType<typeof draft>>;
