import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import { toast } from '../ui/toast.js';
import { NewRule } from './new-rule.js';
import { placeText, type RuleBody } from './notification-form.js';
import { NotificationLog } from './notification-log.js';
import { Part } from './part.js';
import styles from './settings.module.css';

interface Rule extends Pick<RuleBody, 'name' | 'place' | 'events'> {
  readonly ruleId: string;
  readonly paused: boolean;
}

/** Who is told what: rules, a test of each, and what became of what was told. */
export function Notifications() {
  const [making, setMaking] = useState(false);
  const list = useQuery({
    queryKey: ['notification-rules'],
    queryFn: () => read(api.GET('/v1/notification-rules')),
  });
  const rules = list.data?.rules;
  return (
    <>
      <Part
        title="Notifications"
        about="Who is told what. A message leads into the room; it decides nothing there."
        action={<Button onClick={() => setMaking(true)}>New rule</Button>}
      >
        {list.error && <Refusal error={list.error} />}
        {rules?.length === 0 && (
          <Empty
            title="Nobody is told anything yet"
            command="npx opsroom notify add team --to slack --secret SLACK_WEBHOOK --event run.failed,approval.waits"
          >
            A rule tells Slack, Discord, a webhook of yours or an e-mail address when a run fails or an approval waits.
          </Empty>
        )}
        {rules && rules.length > 0 && <RuleTable rules={rules} />}
        {making && <NewRule onClose={() => setMaking(false)} />}
      </Part>
      <NotificationLog />
    </>
  );
}

function RuleTable({ rules }: { rules: readonly Rule[] }) {
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col" className={styles['wide']}>
              Tells
            </th>
            <th scope="col" className={styles['spare']}>
              To
            </th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.ruleId} className={rule.paused ? styles['over'] : undefined}>
              <td>{rule.name}</td>
              <td className={styles['wide']} title={rule.events.join(', ')}>
                {rule.events.join(', ')}
              </td>
              <td className={styles['spare']}>{placeText(rule.place)}</td>
              <td>
                <RuleActions rule={rule} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RuleActions({ rule: { ruleId, name, paused } }: { rule: Rule }) {
  const [removing, setRemoving] = useState(false);
  const client = useQueryClient();
  const params = { path: { rule: ruleId } };
  const anew = () => client.invalidateQueries({ queryKey: ['notification-rules'] });
  const onError = (error: Error) => toast.error(error.message);
  const test = useAct(() => read(api.POST('/v1/notification-rules/{rule}/test', { params, body: {} })), {
    onSuccess: ({ arrived, error }) =>
      arrived ? toast(`"${name}": the test message was taken.`) : toast.error(`"${name}": ${error}`),
    onError,
  });
  const pause = useAct(() => read(api.POST('/v1/notification-rules/{rule}', { params, body: { paused: !paused } })), {
    onSuccess: anew,
    onError,
  });
  return (
    <div className={styles['actions']}>
      <Button why={test.busy} onClick={() => test.go()}>
        Test
      </Button>
      <Button why={pause.busy} onClick={() => pause.go()}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
      <Button onClick={() => setRemoving(true)}>Remove</Button>
      {removing && (
        <Confirm
          title={`Remove the rule "${name}"?`}
          about="It tells nothing more, and what it still had to tell goes with it."
          word="Remove"
          act={async () => {
            await read(api.POST('/v1/notification-rules/{rule}/remove', { params, body: {} }));
            await anew();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}
