import type { IntroRole } from './roles-kinds.js';

/**
 * Phrases of the text before a block: role, phrases. `^` ties one to the start of a sentence, `$` to its end. Accents and case do not count.
 */
export const INTROS: readonly (readonly [role: IntroRole, phrases: string])[] = [
  // English
  [
    'rollback',
    'to undo, to roll back, to rollback, to revert, if something goes wrong, if anything goes wrong, if things go wrong, if this fails, if it fails, if the step fails, in case of failure, in case of problems, in case something goes wrong, ^roll back, ^rollback, ^undo, ^revert, to back out, ^to go back, ^to switch back, ^to fail back',
  ],
  [
    'verify',
    '^verify, ^confirm, verify that, verify the, verify it, to verify, confirm that, to confirm, check that, check whether, check if, to check, ^check the, ^check your, you should see, you should get, you should now see, should return, should print, should respond, should report, smoke test, smoke tests, sanity check, health check, make sure it works, make sure that it works, ensure that it works, to test that, to validate, validate that, ^test that, ^test it',
  ],
  [
    'output',
    'expected output, example output, sample output, output looks like, output will look, output should look, output is similar, outputs, ^output$, will print, prints, the result is, the response is, the output is, this returns, should look like, should look similar',
  ],
  [
    'prerequisite',
    'make sure you have, make sure that you have, make sure you are, ensure you have, ensure that you have, you need to have, you will need, you must have, must be installed, needs to be installed, requires, prerequisites, before you begin, before you start',
  ],
  [
    'alternative',
    '^or, ^or$, alternatively, ^otherwise, ^if you prefer, if you use, if you are using, ^instead of, another way, ^either',
  ],
  ['example', 'for example, for instance, ^example, ^e.g., as an example, such as$'],
  // German
  [
    'rollback',
    'ruckgangig machen, um zuruckzurollen, zum zuruckschalten, zum zuruckrollen, um zuruckzuschalten, ^zuruck zum, zum zurucksetzen, falls etwas schiefgeht, wenn etwas schiefgeht, wenn etwas schief geht, im fehlerfall',
  ],
  [
    'verify',
    'prufen sie, prufe ob, prufe dass, uberprufen sie, uberprufe, zum prufen, zur kontrolle, ^prufe, ^uberprufen, ^kontrolliere, ^kontrollieren sie, stellen sie sicher dass es, sie sollten sehen, du solltest sehen, ^prufen',
  ],
  ['output', 'erwartete ausgabe, ^ausgabe, die ausgabe'],
  ['prerequisite', 'voraussetzung ist, stellen sie sicher, stelle sicher, muss installiert sein'],
  ['alternative', '^oder, alternativ'],
  ['example', 'zum beispiel, beispielsweise, ^beispiel, z. b., z.b.'],
  // French
  [
    'rollback',
    "pour annuler, pour revenir en arriere, ^pour revenir, en cas de probleme, en cas d'echec, si quelque chose se passe mal",
  ],
  [
    'verify',
    '^verifiez, ^verifier, ^controlez, ^confirmez, verifiez que, pour verifier, vous devriez voir, vous devez voir',
  ],
  ['output', 'sortie attendue, resultat attendu, exemple de sortie'],
  ['prerequisite', "assurez-vous d'avoir, vous devez avoir, doit etre installe"],
  ['alternative', '^ou, ^ou$, ^ou bien, sinon$, alternativement'],
  ['example', 'par exemple, ^exemple'],
  // Spanish, Portuguese, Italian
  [
    'rollback',
    'para deshacer, para revertir, ^para volver atras, ^para volver a, ^para voltar, ^per tornare, si algo sale mal, en caso de fallo, para desfazer, para reverter, se algo der errado, em caso de falha, per annullare, per ripristinare, se qualcosa va storto, in caso di errore',
  ],
  [
    'verify',
    '^verifique, ^verifica, ^confira, ^confirme, ^confirma, ^valide, ^controlla, para verificar, verifica que, compruebe, comprueba, para comprobar, deberia ver, deberias ver, voce deve ver, voce devera ver, verifique se, per verificare, verificare che, dovresti vedere, dovrebbe apparire',
  ],
  ['output', 'salida esperada, resultado esperado, saida esperada, output previsto, output atteso, risultato atteso'],
  [
    'prerequisite',
    'asegurese de tener, asegurate de tener, certifique-se de ter, assicurati di avere, assicurarsi di avere',
  ],
  ['alternative', '^o$, ^ou$, ^o bien, ^oppure, alternativamente, in alternativa, como alternativa'],
  ['example', 'por ejemplo, por exemplo, per esempio, ad esempio, ^ejemplo, ^exemplo, ^esempio'],
  // Dutch
  ['rollback', 'om terug te draaien, om ongedaan te maken, als er iets misgaat'],
  ['verify', '^controleer, controleer of, om te controleren, je zou moeten zien, u zou moeten zien'],
  ['output', 'verwachte uitvoer, verwacht resultaat'],
  ['prerequisite', 'zorg dat je, zorg ervoor dat u'],
  ['alternative', '^of, als alternatief'],
  ['example', 'bijvoorbeeld, ^voorbeeld'],
  // Polish, Russian
  [
    'rollback',
    'aby cofnac, aby wycofac, aby przywrocic, чтобы вернуться, чтобы вернуть, для возврата, jesli cos pojdzie nie tak, чтобы откатить, для отката, чтобы отменить, если что-то пошло не так, в случае ошибки',
  ],
  [
    'verify',
    '^sprawdz, ^sprawdzamy, ^zweryfikuj, sprawdz czy, aby sprawdzic, powinienes zobaczyc, ^проверьте, ^проверяем, ^проверим, ^проверить, чтобы проверить, для проверки, убедитесь что, убедитесь, вы должны увидеть',
  ],
  ['output', 'oczekiwany wynik, ожидаемый вывод, ожидаемый результат, пример вывода'],
  ['prerequisite', 'upewnij sie ze masz, убедитесь что у вас, должен быть установлен'],
  ['alternative', '^lub, ^albo, alternatywnie, ^или, ^либо, альтернативно'],
  ['example', 'na przyklad, ^przyklad, например, ^пример'],
  // Chinese, Japanese, Korean
  [
    'rollback',
    '要回滚, 如需回滚, 要回退, 如需回退, 戻す場合は, 切り戻すには, 원복하려면, 要撤销, 如果出现问题, 如果出错, 如果失败, 元に戻すには, ロールバックするには, 問題が発生した場合, 失敗した場合, 되돌리려면, 롤백하려면, 문제가 발생하면',
  ],
  [
    'verify',
    '验证, 确认是否, 检查是否, 您应该看到, 你应该看到, 应该会看到, 確認します, 確認してください, 確認するには, 検証, 表示されるはず, 확인합니다, 확인하려면, 확인하세요, 검증',
  ],
  ['output', '预期输出, 输出如下, 输出结果, 输出示例, 期待される出力, 出力例, 出力結果, 예상 출력, 출력 예'],
  [
    'prerequisite',
    '请确保已安装, 确保已, 需要先安装, インストールされていること, 必要です, 설치되어 있어야, 필요합니다',
  ],
  ['alternative', '^或者, ^或, ^または, ^もしくは, ^あるいは, ^또는, ^혹은'],
  ['example', '例如, 比如, ^示例, 例えば, たとえば, 예를 들어, 예를 들면'],
];
