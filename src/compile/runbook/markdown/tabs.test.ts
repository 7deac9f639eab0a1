import { expect, test } from 'vitest';
import { readMarkdown } from './markdown.js';

/** `label: text` of each code block; alternatives share the number of their group. */
function tabsOf(text: string): string[] {
  const groups = new Map<string, number>();
  return readMarkdown(text, 'x.md').blocks.flatMap((block) => {
    if (block.kind !== 'code') return [];
    if (block.tab === undefined) return [`- ${block.text}`];
    const group = groups.get(block.tab.group) ?? groups.size + 1;
    groups.set(block.tab.group, group);
    return [`${group} ${block.tab.label}: ${block.text}`];
  });
}

test('MkDocs: indented content is no indented code', () => {
  const text = `Install:

=== "npm"

    \`\`\`bash
    npm i
      x
    \`\`\`

=== "yarn"
    \`\`\`bash
    yarn add
    \`\`\`

Then

=== "other"

    === "inner"

            make

\`\`\`
=== "npm"
\`\`\`
`;
  expect(tabsOf(text)).toEqual(['1 npm: npm i\n  x', '1 yarn: yarn add', '2 inner: make', '- === "npm"']);
});

test('MkDocs: an admonition holds code, and is no alternative', () => {
  expect(tabsOf('!!! note "Mind"\n    Text\n\n    ```sh\n    ls\n    ```\n')).toEqual(['- ls']);
});

test('docsify: what stands below the end of the tabs belongs to none of them', () => {
  const tabs = '<!-- tabs:start -->\n\n#### **Linux**\n\n```sh\na\n```\n\n#### **Windows**\n\n```sh\nb\n```\n\n';
  const text = `# R\n\n## Install\n\n${tabs}<!-- tabs:end -->\n\nThen\n\n\`\`\`sh\nc\n\`\`\`\n`;
  const headings = readMarkdown(text, 'x.md').blocks.map(({ section }) => section.heading);
  expect(headings).toEqual(['Linux', 'Windows', 'Install']);
});

test('Docusaurus: tags around fences, without blank lines and deeply indented', () => {
  const text = `<Tabs
  groupId="os"
  values={[{label: 'A', value: 'a'}]}>
  <TabItem value="npm" label="npm 10">
\`\`\`bash
npm i
\`\`\`
  </TabItem>
    <TabItem value="yarn">

        \`\`\`bash
        yarn
        \`\`\`

    </TabItem>
</Tabs>

\`\`\`bash
after
\`\`\`
`;
  expect(tabsOf(text)).toEqual(['1 npm 10: npm i', '1 yarn: yarn', '- after']);
});

test('templates: GitBook and Hugo', () => {
  const text =
    '{% tabs %}\n{% tab title="npm" %}\n```\na\n```\n{% endtab %}\n\n{% tab title="yarn" %}\n```\nb\n```\n{% endtab %}\n{% endtabs %}\n';
  expect(tabsOf(text)).toEqual(['1 npm: a', '1 yarn: b']);
  // Indented code stays what it is.
  expect(tabsOf('{{< tabs name="x" >}}\n{{% tab name="A" %}}\n\n    a\n{{% /tab %}}\n{{< /tabs >}}\n')).toEqual([
    '1 A: a',
  ]);
});

test('VitePress: the labels of a code group stand in the info strings', () => {
  const text = '::: code-group\n\n```sh [npm]\na\n```\n\n```sh [yarn]\nb\n```\n:::\n\n::: tip\n```sh\nc\n```\n:::\n';
  expect(tabsOf(text)).toEqual(['1 npm: a', '1 yarn: b', '- c']);
});

test('details: those that follow each other are alternatives', () => {
  const text = `<details open><summary><b>macOS</b></summary>
\`\`\`sh
a
\`\`\`
</details>
<details>
<summary>
Linux
</summary>
<p>

\`\`\`sh
b
\`\`\`

</p></details>

text

<details>
<summary>More</summary>

1. x
   \`\`\`sh
   c
   \`\`\`
</details>
`;
  expect(tabsOf(text)).toEqual(['1 macOS: a', '1 Linux: b', '2 More: c']);
});

test('tabs in a list item and in a quotation', () => {
  const text =
    '1. Do\n   <Tabs>\n   <Tab title="A">\n   ```sh\n   a\n   ```\n   </Tab>\n   </Tabs>\n2. Next\n\n> <details>\n> ```sh\n> b\n> ```\n> </details>\n';
  expect(tabsOf(text)).toEqual(['1 A: a', '2 : b']);
});

test('markers that nothing closes leave their content as it is', () => {
  expect(tabsOf('<TabItem value="a">\n\n```sh\na\n```\n\n</Tabs>\n\n```sh\nb\n```\n')).toEqual(['- a', '- b']);
});

test('every tab is introduced by the text before the first', () => {
  const { blocks } = readMarkdown(
    'Install:\n\n=== "a"\n    ```\n    x\n    ```\n=== "b"\n    ```\n    y\n    ```\n',
    'x.md',
  );
  expect(blocks.map((block) => block.kind === 'code' && block.intro)).toEqual(['Install:', 'Install:']);
});
