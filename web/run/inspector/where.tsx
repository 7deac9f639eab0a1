import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { groupsOf } from '#ir/groups.js';
import { MARK_WORDS, MarkIcon } from '../../ui/dag/mark-icon.js';
import { planQuery, type StepDetail } from '../data.js';
import styles from './inspector.module.css';

interface Props {
  run: string;
  step: string;
  source: StepDetail['source'];
}

/** The phase and the stories of a step of a task list, the line it came from, and what a person does at a checkpoint. */
export function Where({ run, step, source: [first] }: Props) {
  const { data } = useQuery(planQuery(run));
  const metadata = data?.plan.metadata;
  const group = useMemo(() => groupsOf(metadata ?? {}).get(step.split('/')[0] ?? step), [metadata, step]);
  if (group === undefined) return null;
  return (
    <p className={styles['facts']}>
      {group.mark && (
        <span>
          <MarkIcon mark={group.mark} /> {MARK_WORDS[group.mark]}
        </span>
      )}
      {group.phase && <span>{group.phase}</span>}
      {group.stories.length > 0 && <span>{group.stories.join(', ')}</span>}
      {first && (
        <span>
          {first.file.slice(first.file.lastIndexOf('/') + 1)}, line {first.from}
        </span>
      )}
    </p>
  );
}
