import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { listProblem, namesNothing, nothingText, pickable, withTool } from './tool-list.js';
import styles from './tools-field.module.css';

interface Props {
  text: string;
  onText: (text: string) => void;
  /** What the list is for, where nothing is wrong with it. */
  note: string;
  /** What else is wrong: steps of a plan that the list does not name. */
  warning?: string | undefined;
}

const load = () => read(api.GET('/v1/mcp/tools'));

/** A list of tools, one a line: to be typed, or picked from those that the room has. What is wrong with it is said with its line. */
export function ToolsField({ text, onText, note, warning }: Props) {
  const { data } = useQuery({ queryKey: ['mcp', 'tools', 'all'], queryFn: load, staleTime: 60_000 });
  const registered = data?.tools.map(({ tool }) => tool);
  const problem = listProblem(text);
  const nothing = registered === undefined ? [] : namesNothing(text, registered);
  const wrong = [problem, warning].filter((words) => words !== undefined);
  // A server may come later, so this bars nothing.
  const told = nothing.length > 0 ? [...wrong, nothingText(nothing)] : wrong;
  return (
    <div className={styles['tools']}>
      <Field label="Tools" wrong={wrong.length > 0} note={told.length > 0 ? told.join(' ') : note}>
        {(ids) => <textarea {...ids} rows={5} value={text} onChange={({ target }) => onText(target.value)} />}
      </Field>
      <Pick from={pickable(registered ?? [])} onPick={(tool) => onText(withTool(text, tool))} />
    </div>
  );
}

function Pick({ from, onPick }: { from: readonly string[]; onPick: (tool: string) => void }) {
  const [typed, setTyped] = useState('');
  const list = useId();
  const why = typed.trim() === '' ? 'Choose one.' : undefined;
  const pick = () => {
    onPick(typed);
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || why !== undefined) return;
    event.preventDefault();
    pick();
  };
  return (
    <div className={styles['pick']}>
      <Field label="A tool that the room has">
        {(ids) => (
          <input
            {...ids}
            list={list}
            value={typed}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            placeholder={from.at(-1)}
            onKeyDown={onKeyDown}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
      <datalist id={list}>
        {from.map((tool) => (
          <option key={tool} value={tool}>
            {tool}
          </option>
        ))}
      </datalist>
      <Button why={why} onClick={pick}>
        Add it
      </Button>
    </div>
  );
}
