import type { MarkdownIt, Token } from 'markdown-it';

/**
 * Has the parser make its block tokens as plain objects. Its own class defines each of their fields by a call, which was a tenth of the
 * time that reading takes; the methods that they lack are for those who render.
 */
export function plainTokens({ block }: MarkdownIt): void {
  block.State = class extends block.State {
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      if (nesting < 0) this.level -= 1;
      const { level } = this;
      if (nesting > 0) this.level += 1;
      const token: Omit<Token, Methods> = {
        type,
        tag,
        attrs: null,
        map: null,
        nesting,
        level,
        children: null,
        content: '',
        markup: '',
        info: '',
        meta: null,
        block: true,
        hidden: false,
      };
      this.tokens.push(token as Token);
      return token as Token;
    }
  };
}

type Methods = 'attrIndex' | 'attrPush' | 'attrSet' | 'attrGet' | 'attrJoin';
