import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../ui/copy.js';
import { shortDigest } from '../../ui/format.js';
import { Refusal } from '../../ui/refusal.js';
import { StateIcon } from '../../ui/state-icon.js';
import { visible } from '../../ui/visible.js';
import { type SkillDetail, skillQuery } from './data.js';
import { SkillFile } from './file.js';
import { Section } from './section.js';
import styles from './skills.module.css';
import { SkillSteps } from './steps.js';
import { environmentText, limitText, stepText } from './words.js';

/** One skill: what it takes and puts out, what holds it, what it is made of, and its file. */
export function OneSkill({ name }: { name: string }) {
  const { data, error } = useQuery(skillQuery(name));
  return (
    <>
      <p className={styles['back']}>
        <Link to="/plan/skills" search={{}} className="link">
          All skills
        </Link>
      </p>
      {error && <Refusal error={error} />}
      {data && <Shown skill={data} />}
    </>
  );
}

function Shown({ skill }: { skill: SkillDetail }) {
  const { slug, name, description, inputs, outputs, problem, parts } = skill;
  return (
    <>
      <Section title={visible(name)} note={name === slug ? undefined : slug}>
        {problem !== null && <Broken problem={problem} />}
        {description !== '' && <p className={styles['prose']}>{visible(description)}</p>}
        <Facts skill={skill} />
      </Section>
      {inputs.length > 0 && (
        <Section title="Takes">
          <Inputs inputs={inputs} />
        </Section>
      )}
      {outputs.length > 0 && (
        <Section title="Puts out">
          <p className="mono">{outputs.join(', ')}</p>
        </Section>
      )}
      {parts && <SkillSteps parts={parts} />}
      {problem === null && (
        <Section title="Use it" note="as a step of a plan">
          <div className={styles['use']}>
            <pre>{stepText(skill)}</pre>
            <CopyButton text={stepText(skill)} what="the step" />
          </div>
        </Section>
      )}
      <SkillFile skill={skill} />
    </>
  );
}

function Broken({ problem }: { problem: string }) {
  return (
    <div className={`${styles['broken']} q-failed`} role="alert">
      <StateIcon shown={{ look: 'failed', word: 'cannot be used' }} />
      <p>
        {visible(problem)}{' '}
        <span className="mut">
          No plan that names it compiles until that is mended; the file is read anew each time.
        </span>
      </p>
    </div>
  );
}

function Facts({ skill }: { skill: SkillDetail }) {
  const { origin, version, digest, tools, maxRuntimeMs } = skill;
  return (
    <dl className={styles['facts']}>
      <dt>File</dt>
      <dd>
        <code>{skill.file}</code>{' '}
        <span className="mut">{origin === 'project' ? 'of this project' : 'of the package'}</span>
      </dd>
      {digest !== null && maxRuntimeMs !== null && (
        <>
          <dt>Version</dt>
          <dd>
            {version}, <code title={digest}>{shortDigest(digest)}</code> <CopyButton text={digest} what="the digest" />
          </dd>
          <dt>Tools</dt>
          <dd>{tools.join(', ')}</dd>
          <dt>At most</dt>
          <dd>{limitText(maxRuntimeMs)}, all its steps with their attempts together</dd>
          <dt>Where</dt>
          <dd>{environmentText(skill)}</dd>
        </>
      )}
    </dl>
  );
}

function Inputs({ inputs }: Pick<SkillDetail, 'inputs'>) {
  return (
    <dl className={styles['inputs']}>
      {inputs.map(({ name, type, required, description }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <span className="dim">
              {type}
              {required ? ', must be given' : ''}
            </span>{' '}
            {visible(description)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
