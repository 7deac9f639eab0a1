/** How people say who somebody is: `user:ada@host` is Ada, `person:mara@ops.example` goes by her address; keys keep their kind. */
export const nameOf = (by: string): string => /^user:([^@]+)@/.exec(by)?.[1] ?? by.replace(/^person:/, '');
