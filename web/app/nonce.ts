/** The policy of the page allows styles that are put into it at run time only with the nonce of this answer. */
export const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce;

// The name under which libraries look for it.
Reflect.set(globalThis, '__webpack_nonce__', nonce);
