// A worker in a process of its own. argv[2]: MemberOptions as JSON.
import { type MemberOptions, work } from './member.js';

await work(JSON.parse(process.argv[2] ?? '{}') as MemberOptions);
