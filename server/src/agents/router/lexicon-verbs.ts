import type { LocalText } from '#providers/contract.ts'

/**
 * What a request can want done. `open` and `get` are weak: what they mean depends on their object. `toss` alone moves
 * something somewhere; with the trash as its goal it deletes, with "out of the trash" it restores.
 */
export type Action =
  | 'search'
  | 'read'
  | 'open'
  | 'get'
  | 'list'
  | 'query'
  | 'create'
  | 'add'
  | 'update'
  | 'rename'
  | 'tick'
  | 'untick'
  | 'delete'
  | 'restore'
  | 'comment'
  | 'reply'
  | 'check'
  | 'toss'
  | 'move'
  | 'foreign'

/**
 * Dictionary forms. `*` stands for a few words in between ("bring it back"). An entry may be longer than one word; the
 * longest match wins.
 */
export const VERBS: Readonly<Record<Action, LocalText>> = {
  search: {
    en: `
      search, find, look for, locate, seek, hunt for, hunt down, track down, dig up, dig * up, pull * up, dig out, look * up in,
      look up, scan for, browse for, search for, look through, google, grep, grep for`,
    pt: `
      buscar, procurar, pesquisar, encontrar, achar, localizar, vasculhar, garimpar, caçar, fazer uma busca,
      fazer uma pesquisa, dar uma busca, rastrear`,
  },
  read: {
    en: `
      read, summarise, summarize, sum up, sum * up, recap, skim, go through, digest, condense,
      outline, paraphrase, quote, give me a summary, give me the gist, tldr`,
    pt: `
      ler, resumir, sintetizar, dar uma lida, fazer um resumo, fazer resumo, me dar um resumo, dar um resumo,
      sumarizar, recapitular, parafrasear, preparar um resumo`,
  },
  open: { en: 'open, open up, expand, unfold', pt: 'abrir, expandir, desdobrar' },
  get: {
    en: `
      show, display, get, fetch, give, retrieve, bring, pull, pull up, grab, see, view, tell, present, load,
      look at, take a look at, have a look at, inspect, describe, detail, examine, return, provide, want to
      see, need to see, reveal, print, dump, let me see, check out, know, look`,
    pt: `
      mostrar, exibir, ver, deixa eu, deixa-me, me deixa, dar, trazer, pegar, obter, apresentar, olhar, visualizar, informar, dizer,
      carregar, puxar, detalhar, descrever, dar uma olhada, inspecionar, examinar, me passar, contar, saber,
      revelar, retornar, consultar, imprimir, falar`,
  },
  list: {
    en: 'list, name all, name every, name the, enumerate, itemise, itemize, list out',
    pt: 'listar, enumerar, relacionar, elencar, fazer uma lista, me dar a lista',
  },
  query: {
    en: 'query, filter, sort, count, rank, order, run a query, group',
    pt: 'consultar, filtrar, ordenar, classificar, ranquear, contabilizar, fazer uma consulta, agrupar',
  },
  create: {
    en: `
      create, make, start, build, set up, set * up, schedule, draft, generate, compose, write up, produce, register,
      log, record, open a new, open up a new, want a new, need a new, spin up, launch, begin`,
    pt: `
      criar, fazer, montar, gerar, iniciar, começar, cadastrar, registrar, registar, lançar, elaborar, redigir,
      construir, agendar, abrir uma nova, abrir um novo, quero uma nova, quero um novo, preciso de uma nova, preciso de
      um novo, compor, bolar, produzir`,
  },
  add: {
    en: `
      leave, add, note, append, insert, include, put, attach, write, jot, jot down, tack on, paste, place, drop, stick,
      write down, note down, enter, type`,
    pt: `
      deixar, adicionar, acrescentar, meter, incluir, inserir, colocar, por, escrever, anexar, botar, anotar, colar, juntar,
      agregar, complementar, digitar`,
  },
  update: {
    en: `
      update, change, set, edit, modify, replace, swap, switch, alter, adjust, push, postpone, extend, bump,
      assign, correct, fix, rewrite, reword, revise, amend, reschedule, raise, lower, increase, decrease,
      reduce, mark, flag, overwrite, rephrase, reassign, delay, shift, turn, close, reopen, label, tag, categorize, categorise`,
    pt: `
      atualizar, empurrar, mudar, alterar, trocar, editar, modificar, substituir, definir, ajustar, corrigir, adiar,
      prorrogar, atribuir, reescrever, aumentar, reduzir, antecipar, setar, marcar, assinalar, diminuir,
      estender, reatribuir, postergar, sobrescrever, deixar, preencher, fechar, reabrir, remarcar, etiquetar, rotular, sinalizar, revisar,
      configurar`,
  },
  rename: {
    en: 'rename, retitle, call, change the name, change the title, change its name, change its title',
    pt: `
      renomear, intitular, chamar, rebatizar, mudar o nome, mudar o título, trocar o nome, trocar o título, alterar o
      nome, alterar o título, atualizar o título, atualizar o nome`,
  },
  tick: {
    en: 'tick, tick off, tick * off, check off, check * off, cross off, cross * off, complete, finish, check',
    pt: 'ticar, concluir, completar, finalizar, dar baixa, riscar, dar como feito, dar um check, dar check, dar o check, checar',
  },
  untick: { en: 'untick, uncheck, unmark, deselect', pt: 'desmarcar, destiquetar' },
  delete: {
    en: `
      delete, remove, erase, get rid of, wipe, wipe out, discard, trash, archive, bin, throw away, throw *
      away, throw out, throw * out, scrap, clear, clear out, take off, take out, retire, purge, destroy, strip
      out, rm, strike, strike out, take down, kill, request the deletion, request the removal, nuke, junk, drop, cut, eliminate, dispose of, take * out, take * off, do away with`,
    pt: `
      livrar, riscar da, riscar do, solicito a exclusão, solicito a remoção, peço a exclusão, peço a remoção, acabar com, dar um fim, dar um sumiço, excluir, apagar, deletar, remover, eliminar, tirar, arquivar, descartar, jogar fora, jogar * fora,
      limpar, retirar, suprimir, cortar, sumir com, dar fim, destruir, expurgar, aposentar`,
  },
  restore: {
    en: `
      restore, recover, undelete, unarchive, un-archive, un-delete, untrash, un-trash, bring back, bring *
      back, get back, get * back, put * back, reinstate, revive, salvage, rescue, want * back, need * back,
      undo the deletion, undo the delete, undo the archiving, undo the archive, resurrect`,
    pt: `
      restaurar, recuperar, desarquivar, trazer de volta, trazer * de volta, voltar com, colocar * de volta,
      por * de volta, reativar, resgatar, ressuscitar, restabelecer, desfazer a exclusão, quero * de volta,
      preciso * de volta, desfazer o arquivamento, reaver, desexcluir, desapagar, botar * de volta`,
  },
  comment: { en: 'comment, annotate, remark', pt: 'comentar' },
  reply: { en: 'reply, respond, answer, write back', pt: 'responder, retrucar' },
  check: {
    en: 'check, verify, test, confirm, validate, make sure, ping, diagnose',
    pt: 'verificar, checar, testar, conferir, confirmar, validar, certificar, diagnosticar',
  },
  move: { en: 'move, relocate, transfer, mv', pt: 'mover, realocar, transferir, mudar de lugar' },
  toss: {
    en: 'move, put, send, throw, toss, dump, drop, chuck, go, take, bring, get, pull, fish, place, stick',
    pt: `
      mover, ir, mandar, jogar, colocar, botar, passar, enviar, levar, tirar, retirar, trazer, remover, por,
      despachar, resgatar, voltar, sair`,
  },
  foreign: {
    en: `
      disconnect, connect, reconnect, transform, turn * into, change * into, send, email, e-mail, mail, text, message, phone, ring, dial, invite, share, publish, export, download,
      upload, schedule, book, remind, notify, alert, draw, plot, duplicate, clone, copy, merge, deploy, play,
      buy, purchase, convert, calculate, compute, subscribe, install, undo, revert, roll back, roll * back,
      rewind, resolve, lock, unlock, grant, permit, revoke, sign in, log in, log into, tweet, translate, explain, sing,
      teach, recommend, guess, imagine, import, sync, encrypt, transfer, pay, forward, dm, call, ask, wake,
      turn on, turn off, order me, pretend, ignore, forget, impersonate, bypass, hack, disable, ban, kick,
      promote, demote, stream, record a, scrape, crawl, transcribe, render, sell, navigate, drive, cancel,
      unsubscribe, post, upgrade, downgrade, save, make public, make * public, restore * version, solve, mute,
      follow, execute, run, print`,
    pt: `
      desconectar, conectar, reconectar, transformar, virar, enviar, mandar, convidar, compartilhar, publicar, exportar, baixar, subir, agendar, reservar, lembrar,
      notificar, avisar, alertar, desenhar, plotar, duplicar, clonar, copiar, mesclar, converter, calcular,
      assinar, instalar, desfazer, reverter, resolver, bloquear, desbloquear, trancar, liberar, permitir,
      conceder, revogar, ligar, telefonar, tuitar, traduzir, explicar, cantar, partilhar, ensinar, importar, sincronizar,
      transferir, pagar, comprar, encaminhar, tocar, salvar, gravar, postar, cancelar, recomendar, adivinhar,
      imaginar, fingir, ignorar, esquecer, burlar, invadir, desativar, banir, promover, executar, rodar,
      rebaixar, acordar, pedir, desligar, perguntar, vender, transcrever, tornar pública, tornar * pública,
      deixar * pública, tornar público, voltar no tempo, retroceder, imprimir, mensagear, chamar no,
      inscrever, seguir`,
  },
}
