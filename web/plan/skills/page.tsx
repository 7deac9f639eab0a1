import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Empty } from '../../ui/empty.js';
import { Refusal } from '../../ui/refusal.js';
import { StateIcon } from '../../ui/state-icon.js';
import { visible } from '../../ui/visible.js';
import { PlanNav } from '../nav.js';
import { type Skill, skillsQuery } from './data.js';
import { OneSkill } from './skill.js';
import styles from './skills.module.css';
import { environmentText, limitText } from './words.js';

/** The skills that steps of a plan may use, or the one that the address names. */
export function SkillsPage() {
  const { skill } = useSearch({ from: '/room/plan/skills' });
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <h1 className="vh">Skills</h1>
        <PlanNav />
      </header>
      {skill === undefined ? <Skills /> : <OneSkill key={skill} name={skill} />}
    </main>
  );
}

function Skills() {
  const { data, error } = useQuery(skillsQuery);
  const of = (origin: Skill['origin']) => data?.skills.filter((skill) => skill.origin === origin) ?? [];
  return (
    <>
      <p className={styles['about']}>
        A skill is a group of steps with a name: what it may use, where, for how long, and what judges it. A step of a
        plan uses it with <code>skill: NAME</code>.
      </p>
      {error && <Refusal error={error} />}
      {data && (
        <section aria-labelledby="own">
          <h2 id="own" className={styles['group']}>
            Of this project
          </h2>
          {of('project').length === 0 ? <NoneOfOnesOwn /> : <SkillTable skills={of('project')} />}
        </section>
      )}
      {data && (
        <section aria-labelledby="shipped">
          <h2 id="shipped" className={styles['group']}>
            Come with the room
          </h2>
          <SkillTable skills={of('shipped')} />
        </section>
      )}
    </>
  );
}

function NoneOfOnesOwn() {
  return (
    <Empty title="This project has none of its own" command="npx opsroom skills check">
      Write <code>skills/NAME.yaml</code> in the project folder; one with the name of a shipped skill takes its place.
      The file of any skill below is an example. This says whether yours can be used:
    </Empty>
  );
}

function SkillTable({ skills }: { skills: readonly Skill[] }) {
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">Skill</th>
          <th scope="col">What it does</th>
          <th scope="col">Version</th>
          <th scope="col">Tools</th>
          <th scope="col">At most</th>
          <th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>
        {skills.map((skill) => (
          <SkillRow key={skill.slug} skill={skill} />
        ))}
      </tbody>
    </table>
  );
}

function SkillRow({ skill }: { skill: Skill }) {
  const { slug, version, description, tools, maxRuntimeMs, problem } = skill;
  return (
    <tr>
      <td>
        <Link to="/plan/skills" search={{ skill: slug }} className="link mono">
          {slug}
        </Link>
      </td>
      <td className={styles['what']}>
        {problem === null ? (
          <>
            {visible(description)}
            {maxRuntimeMs !== null && (
              <span className={styles['narrow']}>
                {tools.join(', ')}; at most {limitText(maxRuntimeMs)}; {environmentText(skill)}
              </span>
            )}
          </>
        ) : (
          <span className={`${styles['broken']} q-failed`}>
            <StateIcon shown={{ look: 'failed', word: 'cannot be used' }} alone />
            <span>{visible(problem)}</span>
          </span>
        )}
      </td>
      <td>{version}</td>
      <td className={styles['names']}>{tools.join(', ')}</td>
      <td className={styles['whole']}>{maxRuntimeMs === null ? '' : limitText(maxRuntimeMs)}</td>
      <td className={styles['names']}>{maxRuntimeMs === null ? '' : environmentText(skill)}</td>
    </tr>
  );
}
