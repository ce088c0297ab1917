"""Which spellings are one term, for every use there is."""

import pytest

from glossary import edges
from glossary.models import ConceptAlias
from glossary.querysets import neighbours, wanted_terms
from glossary.terms import term_key
from glossary.wanted import wanted_concepts
from mindlab.importer.linking import NameIndex
from tests.factories import make_concept
from tests.glossary.test_edges import live

SAME = [
    # Case, composition, accents, compatibility forms
    ("Mirror neuron", "MIRROR NEURON"),
    ("Ménière’s disease", "Me\u0301nie\u0300re’s disease"),
    ("Ménière's disease", "Meniere's disease"),
    ("Ångström", "angstrom"),
    ("Œdema", "oedema"),
    ("Ca²⁺ wave", "Ca2+ wave"),
    ("CB₁ receptor", "CB1 receptor"),
    ("µ-opioid receptor", "μ-opioid receptor"),
    # Apostrophes, dashes, soft hyphens, white space, quotation marks
    ("Broca’s area", "Broca's area"),
    ("Brocaʼs area", "Brocas area"),
    ("Parkinson’s disease", "Parkinson disease"),
    ("default-mode network", "Default mode network"),
    ("up‑state", "up–state"),
    ("sleep/wake cycle", "sleep wake cycle"),
    ("mirror_neuron", "mirror neuron"),
    ("hippo\u00adcampus", "hippocampus"),
    ("sharp\u00a0wave  ripple", " sharp wave\nripple"),
    ("\ufeffthal\u200bamus", "thalamus"),
    ("“Trust”", "trust"),
    # English number
    ("sleep spindles", "sleep spindle"),
    ("memories", "memory"),
    ("reflexes", "reflex"),
    ("biases", "bias"),
    ("lenses", "lens"),
    ("atlases", "atlas"),
    ("nerve cells of the retina", "nerve cell of the retina"),
    ("calories", "calorie"),
    ("kinases", "kinase"),
    ("mice", "mouse"),
    ("children", "child"),
    ("“sleep”\n", "sleep"),
    ("EPSPs", "EPSP"),
    ("SSRIs", "ssri"),
    ("MAOIs", "MAOI"),
    ("fMRIs", "fMRI"),
    # Latin and Greek number
    ("HPA axes", "HPA axis"),
    ("cortices", "cortex"),
    ("cortexes", "cortex"),
    ("basal ganglia", "basal ganglion"),
    ("bases", "basis"),
    ("hippocampi", "hippocampus"),
    ("raphe nuclei", "raphe nucleus"),
    ("nuclei of the thalamus", "nucleus of the thalamus"),
    ("superior colliculi", "superior colliculus"),
    ("gyri", "gyrus"),
    ("stimuli", "stimulus"),
    ("amygdalae", "amygdala"),
    ("laminae", "lamina"),
    ("mitochondria", "mitochondrion"),
    ("phenomena", "phenomenon"),
    ("criteria", "criterion"),
    ("synapses", "synapse"),
    ("analyses", "analysis"),
    ("diagnoses", "diagnosis"),
    ("matrices", "matrix"),
    ("fornices", "fornix"),
    ("cerebella", "cerebellum"),
    ("putamina", "putamen"),
    ("foramina", "foramen"),
    ("somata", "soma"),
    ("gliomata", "glioma"),
    ("schemata", "schema"),
    # One form for both
    ("series", "Series"),
    ("species", "species"),
]
OTHER = [
    ("axon", "axion"),
    ("basis", "base"),
    ("axis", "axe"),
    ("stress", "stres"),
    ("thalamus", "thalamu"),
    ("thalamus", "thalamic"),
    ("analysis", "analysi"),
    ("series", "serum"),
    ("species", "specie"),
    ("lens", "len"),
    ("pons", "pon"),
    ("consciousness", "conscious"),
    ("learning", "learn"),
    ("dementia", "dementium"),
    ("stria", "striatum"),
    ("glia", "glion"),
    ("ganglia", "ganglioside"),
    ("CA1", "CA3"),
    ("K+", "K"),
    ("GABA (A)", "GABA (B)"),
    ("α wave", "β wave"),
    ("mesencephalon", "metencephalon"),
    ("non-REM sleep", "REM sleep"),
    ("", "s"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_term(one, other):
    assert term_key(one) == term_key(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_terms_that_are_not_the_same(one, other):
    assert term_key(one) != term_key(other)


@pytest.mark.parametrize("name", ["", " ", "-", "…", "“”", "\u00ad", "'"])
def test_what_holds_no_term_has_no_key(name):
    assert term_key(name) == ""


def test_a_key_is_a_spelling_of_its_own_term():
    keys = {term_key(name) for pair in (*SAME, *OTHER) for name in pair} - {""}
    assert {key: term_key(key) for key in keys} == {key: key for key in keys}


@pytest.mark.django_db
@pytest.mark.usefixtures("open_gate")
@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("HPA axes", "HPA axis"),
        ("Écart‑types", "écart type"),
        ("broca’s AREA", "Broca's area"),
        ("basal gan\u00adglia", "Basal ganglion"),
    ],
)
@pytest.mark.parametrize("as_alias", [False, True], ids=["title", "other name"])
def test_every_use_follows_the_one_rule(term, name, as_alias):
    naming = live("Sleep", relations=((term, "goes with it"), ("nothing yet", "is wanted")))
    concept = make_concept("Other title" if as_alias else name, live=True)
    if as_alias:
        concept.other_names = [ConceptAlias(name=name)]
        concept.save()
    edges.project(concept)
    known = neighbours(naming)
    assert [near.concept.pk for near in known] == [concept.pk]
    assert [relation.term for relation in wanted_terms(naming, known)] == ["nothing yet"]
    edges.project(naming)
    assert [near.concept.pk for near in neighbours(concept)] == [naming.pk]
    assert [entry.term for entry in wanted_concepts()] == ["nothing yet"]
    answer = NameIndex.of_site().concept(term)
    assert answer is not None
    assert answer.page == concept.pk
