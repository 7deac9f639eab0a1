/** Where this header says a request comes from, better-auth believes it: whoever calls sets it, nobody else. */
export const ADDRESS_HEADER = 'x-opsroom-address';
