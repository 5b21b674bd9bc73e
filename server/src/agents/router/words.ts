/** Function words of both languages, folded. They carry no topic; some of them tell how the words around them are meant. */

/** Words of a list, separated by white space. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

/** After one of these a word is a noun, never an order: "a list", "the comment", "a busca". */
export const DETERMINERS = words(`
  the a an this that these those my our your his her its their any some every each all no another first second third last next
  new old of o os as um uma uns umas do da dos das no na nos nas ao aos esse essa este esta esses essas estes estas aquele aquela
  nesse nessa neste nesta desse dessa deste desta meu minha meus minhas nosso nossa nossos nossas seu sua seus suas algum alguma
  alguns algumas todo toda todos todas cada outro outra primeiro primeira segundo segunda ultimo ultima proximo proxima novo nova
  two three four five six seven eight nine ten dois duas tres quatro cinco seis sete oito nove dez mais which quais qual que num numa
  large largest smallest biggest latest recent open
`)

/** A word that may be a noun or a verb is read as a verb at the start of a clause and after one of these. */
export const VERB_LEADERS = words(`
  to please and you then just can could would lets i we they people me not dont or also now kindly did does do will ok okay yes hey hi
  must should might may and/or go
  e para pra pode poderia favor quero queria preciso vamos nao que ja lhe se consegue agora ou tambem sim oi ola entao favor so
  u ya queira queiram gostaria precisamos queremos posso podemos podia eu voce alguem
`)

/** A noun behind one of these is not what the verb acts on. */
export const PREPOSITIONS = words(`
  in on at to of from under into inside within for with by below beneath about as onto off out over through between behind above than
  em no na nos nas de do da dos das ao aos a para pra pro por pelo pela pelos pelas com sob dentro embaixo sobre num numa ate entre
  neste nesta nesse nessa deste desta desse dessa
`)

export const ARTICLES = words('the a an o a os as um uma uns umas')

export const NEGATIONS = words(
  `not dont never cannot cant wont shouldnt doesnt didnt isnt arent wouldnt couldnt nobody noone without nao nunca jamais ninguem sem`,
)

/** A clause that opens with one of these asks; "can you" and "pode" do not: they are polite orders. */
export const QUESTION_WORDS = words(`
  what who whom whose when where which how why is are was were do does did has have had should am whats whos wheres hows isnt
  que quem quando onde qual quais como quanto quanta quantos quantas existe existem ha houve tem temos tenho sera devo estao sao
  foi foram cade alguem porque
`)

/** Said before the request proper. */
export const OPENERS = words(`
  please hey hi hello k kk yo ugh omg lol bro dude dear fine nice ok okay yes sure no great thanks and now then so oops well right alright also but perfect good cool
  aff mano galera gente bora blz vixe eita ai oi ola por favor sim nao otimo e agora entao ops bom certo beleza ta ah mas legal perfeito opa pois
`)

/** They point back at what was spoken of. */
export const POINTERS = words(`
  it its that this there them those these one ones their his her him she he they same
  isso isto ele ela eles elas dele dela deles delas nele nela esse essa este esta esses essas nessa nesse nesta neste desse dessa
  deste desta la ali ai dai aquele aquela aquilo mesma mesmo lo
`)

/** Words without a topic: never part of what is searched for at its edges. */
export const STOP_WORDS = new Set([
  ...DETERMINERS,
  ...VERB_LEADERS,
  ...PREPOSITIONS,
  ...NEGATIONS,
  ...QUESTION_WORDS,
  ...OPENERS,
  ...POINTERS,
  ...words(`
    pls plz pfv pfvr pf kindly sir madam thanks cheers thx gentileza obrigado obrigada valeu gentil
    there here been be us about called named everything anything something thing things stuff every exist exists there's got sort
    kind us written down somewhere mentions mention talk talks whether if that's s m
    tudo algo alguma coisa coisas chamada chamado escrito escrita fala falam fale falem trata mencione mencionam aqui nos for cujo
    ser seja fica ficam gente favor me mim cad lugar algum parte respeito acerca anotado anotada onde
  `),
])
