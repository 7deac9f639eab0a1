/** Words that destroy, as alternations: each place that asks for them says which of both it takes, and what else means that there. */

/** They are enough wherever they are told: in a task, a script, an address, a function, a line that a server is fed. */
export const STRONG = 'drop|destroy|purge|truncate|wipe';

/** They may be about one thing of many, or about what is made anew. */
export const WEAK = 'delete|remove|reset';
