declare global {
  // The name under which libraries look for it.
  var __webpack_nonce__: string | undefined;
}

/** The policy of the page allows styles that are put into it at run time only with the nonce of this answer. */
globalThis.__webpack_nonce__ = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;

export {};
