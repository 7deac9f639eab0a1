import { planJsonSchema } from '#ir/schema.js';
import type { CommandModule } from '../command.js';

export const command: CommandModule = {
  register() {},
  examples: ['schema > plan.schema.json'],
  async run({ output }) {
    output.raw(JSON.stringify(planJsonSchema(), null, output.json ? 0 : 2));
    return 0;
  },
};
