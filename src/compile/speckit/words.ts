/** What headings of task lists are called, in the languages that they are found in. Only starts of words are compared. */

const PHASE =
  /(?<![\p{L}])(?:phase|phases|fase|fases|étape|etape|etapa|faza|fazě|fáze|этап|фаза|aşama|giai đoạn|phần)[ \t]{0,3}[#:：]?[ \t]{0,3}(\d{1,3}(?:\.\d{1,3}){0,2}\+?|[A-Z](?![\p{L}])|[IVX]{1,4}(?![\p{L}])|final|finale)/iu;
const PHASE_CJK =
  /(?:フェーズ|フェイズ|段階|ステージ|阶段|階段|步骤|步驟|단계|페이즈)[ \t]{0,3}[#:：]?[ \t]{0,3}(\d{1,3}(?:\.\d{1,3}){0,2}\+?|[一二三四五六七八九十]{1,3}|[A-Z](?![\p{L}]))/u;
const CJK_PHASE =
  /第?[ \t]{0,2}(\d{1,3}|[一二三四五六七八九十]{1,3})[ \t]{0,2}(?:阶段|階段|段階|フェーズ|단계|페이즈)/u;
const FINAL_PHASE =
  /(?<![\p{L}])(?:final phase|last phase|polish phase|fase final|dernière phase|phase finale|最終フェーズ|最终阶段|마지막 단계)/iu;
const WEAK_PHASE =
  /^[^\p{L}\p{N}]{0,4}(?:layer|milestone|sprint|stage|wave|iteration|epic|module|hito|marco|jalon|meilenstein|里程碑|マイルストーン|마일스톤)[ \t]{0,3}[#:：]?[ \t]{0,3}([\p{L}]{0,3}\d{1,3}(?:\.\d{1,3}){0,2})/iu;

const NOTE = /[（(][^()（）]{0,200}[）)]/gu;
const NEEDS =
  /(?<![\p{L}])(?:depend|dépend|require|needs?|after|before|block|prereq|requer|requiert|abhängig|nach|vor(?![\p{L}])|antes|depois|después|après|avant)|依存|依赖|依賴|前提|前置|先行|先做|完了後|之后|之後|의존|선행|이후/iu;

/** A heading without what it says in brackets of other phases and stories: "US2 (depends on Phase 2)". */
function ownWords(heading: string): string {
  return heading.replaceAll(NOTE, (note) => (NEEDS.test(note) ? ' ' : note));
}

/** Whether a heading opens a phase, and of what rank: `strong` by a word for "phase", `weak` by "milestone", "layer", "sprint". */
export function phaseRank(heading: string): 'strong' | 'weak' | undefined {
  const own = ownWords(heading);
  const strong = [PHASE, PHASE_CJK, CJK_PHASE, FINAL_PHASE].some((words) => words.test(own));
  if (strong) return 'strong';
  return WEAK_PHASE.test(own) ? 'weak' : undefined;
}

const STORY =
  /(?<![\p{L}\p{N}-])(?:(?:user stor(?:y|ies)|stor(?:y|ies)|histórias? de usuário|histórias?|historias? de usuario|historias?|récits? utilisateur|récits?|storie? utente|benutzergeschichte|anwenderstory|gebruikersverhaal|пользовательская история|история)[ \t]{0,2}(?:US|HU|nº|n°|#)?[-_ ]?0{0,3}(\d{1,3})|(?:US|HU)[-_ ]?0{0,3}(\d{1,3}))(?![\p{N}])/giu;
const STORY_CJK =
  /(?:ユーザーストーリー|ユーザストーリー|ストーリー|用户故事|使用者故事|用戶故事|사용자[ \t]?스토리|유저[ \t]?스토리|스토리)[ \t]{0,2}(?:US)?[-_ ]?0{0,3}(\d{1,3})/gu;
/** A heading that only says what must come before names no story of its own. */
const AFTER = /(?:depends? on|after|requires?|needs?|blocked by|依存|依赖|依賴)[^()]{0,40}$/iu;

/** The story that a heading names; undefined when it names none, or several. */
export function storyOf(heading: string): string | undefined {
  const short = ownWords(heading.slice(0, 500));
  const found = [...short.matchAll(STORY), ...short.matchAll(STORY_CJK)]
    .filter(({ index }) => !AFTER.test(short.slice(0, index)))
    .map((match) => Number(match[1] ?? match[2]));
  const [only, other] = new Set(found);
  if (only === undefined || other !== undefined || namesMore(short)) return undefined;
  return `US${only}`;
}

/** "User Stories 1 & 2", "US1–US3": the second number has no word of its own. */
function namesMore(heading: string): boolean {
  return /(?:stories|US[-_ ]?\d{1,3}|histórias|historias|故事|ストーリー)[ \t]{0,2}\d{0,3}[ \t]{0,2}(?:[-–—+&,、〜~]|and|y|e|et|und)[ \t]{0,2}(?:US)?\d/iu.test(
    heading,
  );
}

const APART_START =
  /^(?:dependenc|dependênc|dependenc|dépendanc|abhängigk|zależno|зависимост|execution order|implementation (?:order|strateg|notes?)|parallel(?! tracks? of)|critical path|mvp (?:scope|first|definition)|incremental|strateg|estrat[ée]g|stratég|notes?\b|notas?\b|remarques?|observa|hinweis|format|formato|path convention|conven|task (?:summary|statistics|count|overview|format|status)|tasks? by|summary|resum|résumé|zusammenfass|overview|visão geral|vista general|legend|leyenda|légende|status|metrics|statistic|validation checklist|format validation|completeness|checklist|quality gate|quality check|definition of done|definición de|definição de|acceptance|critérios|criterios|success criteria|risk|riesgo|risco|references?\b|referenc|related|appendix|changelog|change log|history|progress|estimat|timeline|agent (?:summary|tags)|table of contents|how to use|como usar|prerequisites?$|out of scope|rollback plan|suggested|next steps|report|traceab|trazab|rastre)/iu;
const APART_CJK =
  /^(?:依存|依赖|依賴|依存関係|執行順|执行顺|実行順|実装順|実装戦略|实施策略|实现策略|實施策略|戦略|并行|並行|並列|병렬|의존|실행 순서|구현 전략|備考|备注|備註|注意|메모|참고|メモ|凡例|図例|说明|說明|概要|概览|概覽|概述|总结|總結|摘要|まとめ|統計|统计|任务统计|任务概览|통계|요약|検証|验证清单|驗證|チェックリスト|检查清单|檢查清單|체크리스트|完了の定義|完成定义|完成の定義|受け入れ|验收标准|驗收標準|追溯|フォーマット|格式|형식|形式|路径|パス|経路|リスク|风险|風險|更新|指標|指标|進捗|进度|進度|技術債|Issue)/u;
const DEPENDENCY =
  /^(?:(?:task|phase|user story|story|implementation|explicit|key|critical|inter-?task)?[ ]?dependenc|dependências|dependencias|dépendances|abhängigkeit|зависимост|依存|依赖|依賴|의존|dependency graph|execution order)/iu;

/** Without what stands before the first word: numbers, emoji, marks. */
function bare(heading: string): string {
  return heading.replace(/^(?:[^\p{L}]|\d){0,12}/u, '');
}

/** Whether what stands below is about the tasks and holds none: order, strategy, notes, a check list for the document itself. */
export function isApart(heading: string): boolean {
  const words = bare(heading);
  return APART_START.test(words) || APART_CJK.test(words);
}

/** Whether dependencies of tasks may be listed below. */
export function isAboutDependencies(heading: string): boolean {
  return DEPENDENCY.test(bare(heading)) || /dependenc(?:y|ies) graph|依存関係|依赖关系|依賴關係/iu.test(heading);
}

const WRAPPER =
  /^(?:implementation |development |detailed )?(?:tasks?(?: list| breakdown| details?)?|task-?list|tareas(?: de implementación)?|tarefas(?: de implementação)?|lista de tarefas|tâches|aufgaben|todo|backlog|work items|任务(?:列表|清单|详情|拆解)?|任務(?:列表|清單)?|タスク(?:一覧|リスト)?|작업(?: 목록)?|задачи)$/iu;

/** "Tasks", "任务详情": it says only what the whole document is. */
export function isWrapper(heading: string): boolean {
  return WRAPPER.test(bare(heading).replace(/[:：]?\s*$/, ''));
}

const CHECKPOINT =
  /^[^\p{L}\p{N}]{0,8}(?:checkpoints?|check point|ponto de (?:verificação|controle|checagem)|punto de (?:control|verificación|chequeo)|point de (?:contrôle|vérification)|kontrollpunkt|prüfpunkt|контрольная точка|チェックポイント|检查点|檢查點|检查站|체크포인트|확인 지점)(?:[ \t]{0,2}[\p{N}①-⑳A-Z]{1,4})?[*_ \t]{0,6}(?:\([^()]{0,80}\)|（[^（）]{0,80}）)?[*_ \t]{0,6}(?:[:：]|[-–—]|$)/iu;

/** What a checkpoint asks for; undefined for a line that is none. */
export function checkpointText(line: string): string | undefined {
  const found = CHECKPOINT.exec(line)?.[0];
  if (found === undefined) return undefined;
  const said = line
    .slice(found.length)
    .replace(/^[*_:：\s]{1,10}/, '')
    .trim();
  return said === '' ? line.replaceAll(/[*_#>]/g, '').trim() : said;
}
