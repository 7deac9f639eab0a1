import { FORM } from './form.js';
import { MARKED } from './marked.js';
import { PLACE } from './place.js';
import type { RuleGroup } from './rule.js';
import { TOLD } from './told.js';
import { WORK } from './work.js';

/** Every rule about code blocks, in the order in which they are asked: the first that has a decision makes it. */
export const RULE_GROUPS: readonly RuleGroup[] = [MARKED, FORM, TOLD, PLACE, WORK];

/** What is decided elsewhere: about items, by comparing blocks, by a review, by what a plan can hold. Documented with the rest. */
export const OTHER_RULES: readonly { readonly id: string; readonly when: string }[] = [
  { id: 'item-holds-code', when: 'is an item with code in it: the code is what is done' },
  { id: 'item-marked-done', when: 'is an item that is ticked' },
  { id: 'item-elsewhere', when: 'is an item under a heading that names no procedure, or explains something' },
  { id: 'item', when: 'is any other numbered or ticked item: a person does it and says so' },
  { id: 'alternatives', when: 'does what a neighbour does in another way: tabs, npm | yarn, macOS | Linux, "or"' },
  {
    id: 'removes-what-was-made',
    when: 'is the last, and removes what a block before it made: it is the rollback of that',
  },
  {
    id: 'in-session',
    when: 'is typed into a shell that a block or the text before it opened (`ssh`, `docker exec -it … bash`, "Log in to the standby. Then:"), or leaves one: a person does it',
  },
  {
    id: 'cleans-up-last',
    when: 'stands under "Clean up", beside a rollback of the same steps: a person does it once all went well',
  },
  { id: 'lonely-way', when: 'follows "alternatively" or "or", and what stands before it is no way of several' },
  {
    id: 'condition',
    when: 'follows, in a runbook, "if …", "optionally", "in case of": an input asks, and the answer is no unless somebody says yes',
  },
  { id: 'other-section', when: 'lies outside of the section that was asked for' },
  {
    id: 'case-asked-for',
    when: 'is for the case that the heading of the section that was asked for names: it is a step',
  },
  {
    id: 'one-to-pick',
    when: 'is one of several in a section for looking up or trying out that was asked for by its name: a person does it',
  },
  {
    id: 'rollback-asked-for',
    when: 'takes something back in a section that does nothing else and was asked for by its name: it is a step',
  },
  { id: 'nothing-to-attach-to', when: 'checks, undoes or conditions a step that the plan does not have' },
  { id: 'review-skip', when: 'is skipped by the review of the file' },
  { id: 'review-run', when: 'is run by the review of the file' },
];
