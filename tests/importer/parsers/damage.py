"""Sound sentences of neuroscience, and what reading their UTF-8 in a one-byte encoding makes of them."""

from pathlib import Path

import django
import ftfy.bad_codecs

ftfy.bad_codecs.ok()

CODECS = {
    "Windows-1250": "sloppy-windows-1250",
    "Windows-1252": "sloppy-windows-1252",
    "Latin-1": "latin-1",
    "Mac Roman": "mac-roman",
}
_SENTENCES = """\
Mirror neurons — first seen in area F5 — fire 100–200 ms before awareness.
The “cuddle hormone” isn’t what it seems; the patient’s amygdala decides…
Cortisol above 20 μg/dL, or 1 µM, is high; TNF-α, IL-1β and IFN-γ rise.
Ramón y Cajal, Szentágothai, Buzsáki, Müller and Sjöström drew the cells.
A change of Δ ≥ 0.2 μM counted as a response (η² = 0.12, ± 5 %).
The path runs thalamus → amygdala → hypothalamus, not amygdala ← cortex.
Bands: δ 0.5–4 Hz, θ 4–8 Hz, α 8–13 Hz, β 13–30 Hz, γ above 30 Hz.
Σ of the weights is kept at ≤ 1, and σ of the noise at 0.1; χ² = 4.2, φ, ψ, ω.
The estimate was 3 × 10⁻⁶ mol, Ca²⁺ and Na⁺, at 37 °C, τ ≈ 20 ms.
κ-opioid and μ-opioid receptors; NF-κB; λ = 0.4, ρ = 0.3, π = 3.14, ε < 0.01.
Łukasz Święcicki and Żółkiewska from Gdańsk measured the przełyk.
Dvořák, Černý and Kůň wrote about příčiny úzkosti.
Erdős Pál és Gyűrű Ödön tanulmánya az idegsejtekről.
Où est l’œuvre naïve du garçon à Orléans? «Voilà»
El niño, ¿por qué? ¡Así! São Paulo, João, coração.
Ärger über Größe, Übung, Straße, Ångström; smørrebrød, Århus.
Real-Time Neuroplasticity™ costs €30 or £25 · © 2024 §4 ¶2 ½ dose.
• The dose was 10 µg/kg; ∫ f(x) dx = ∞; √2 ≠ 1.5; ∑ xᵢ ∈ ℝ ∴ ✓
Zażółć gęślą jaźń; śledzione, móżdżek i kora przedczołowa, „sen” w fazie REM.
Příliš žluťoučký kůň úpěl ďábelské ódy; mozek, paměť a spánek — „vědomí“.
Árvíztűrő tükörfúrógép; a hippokampusz és az emlékezet, „tűz” és hő.
Ο εγκέφαλος, η μνήμη και ο ύπνος· τι είναι η συνείδηση;
Bộ não, trí nhớ và giấc ngủ: hồi hải mã, vỏ não trước trán, đường dẫn truyền.
L’hippocampe — « mémoire » et sommeil : l’œuvre d’un cœur naïf, où ça ?
Größe der Amygdala: „Mandelkern“, Übung macht süchtig; straßenweise Ängste.
O hipocampo é importante; emoção, ação, coração, três, avó, às vezes.
El hipocampo; ¿qué es el sueño? ¡La neurona! Año, corazón, pingüino.
Türkçe: İstanbul’da beyin, uyku, öğrenme, şizofreni, çocuk, ışık.
Română: hipocampul și amigdala, învățare, creșterea, țesut.
Hrvatski: učenje, pamćenje, žlijezda, šećer, đak, čovjek.
Íslenska: heilinn, minnið, svefn, þekking, æðar, öndun, úr.
∀x ∈ ℝ: ∂f/∂t = −∇·J + σ²; ∫₀^∞ e^{−λt} dt = 1/λ; A ⊂ B ⇔ ¬(B̄ ∩ A); x ≠ y; a ⊗ b; ⟨ψ|φ⟩.
Na⁺/K⁺-ATPase, Ca²⁺, Mg²⁺, Cl⁻, H₂O, CO₂, [Na⁺]ᵢ, NO₃⁻; 5 ± 0.3 mV; ½ × ¾; 10⁻³ M; 37 °C; 20 µm; Å.
🧠 Neurons 😀 and 💤 sleep ❤️ ✅ → 👍🏽 done 🎉
“He said ‘no’ – and left…” she wrote — ‘’twas so’ • 5′ UTR, 3″; † and ‡; § 4; ¶ 2; 10 ‰; ™ ® ©.
Łódź–Kraków: 3 km—więcej; „Śpiący” ‘x’ ›y‹ »z«."""
_DELICATE = """\
An area of 12 Å² and a volume of 3 Å³ at 2√π, √π/2, n√π, √Ω, √∑x² ≈π ≈Å ≈±3.
Îşi vede de treabă; ÎŞI FACE; Ăştia sunt; PÄŤ korún; MAÇÃ—UMA; IRMÃ’; “the letter Ä” and „Ä“.
¬p ∨ q; ƒ(x) = ∆x; “Â” is a letter; à la carte; the Å’s value; ‘Ã’ and “Î” too.
Ω, Å, Ä, Ö; São; Română: în, și, țară, București; Việt Nam, Phạm, ễ.
Русский текст; Ελληνικά κείμενα; 日本語; עברית; العربية
ＬＯＵＤ ﬁ ﬂ ① Ⅳ ½ “quotes” ‘single’ «guillemets» – — … • † ‡ ™ &amp; &lt;
LE CAFÉ “À LA CARTE” — ÊTRE OU NE PAS ÊTRE… l’“œ” et “Æ”
x̄ ± s; p̂; naïve, façade, coöperate, rôle; ½–¾; 5′-AMP; 3″; A³²P; [¹⁸F]FDG; ¹H-NMR; Ca²⁺/K⁺
PÂRÂU, MÂINE, ÎN; ZÂ… ; CÃ…; Ä… nun ja; Ë, Ï; SÃO—PAULO; CORAÇÃ”; GRÖSSE „Ö“; FÄ…
Pożółkłe łąki; ŽLUŤOUČKÝ KŮŇ ÚPĚL; Árvíztűrő tükörfúrógép; ĽUBOMÍR; ĎÁBEL
»öffnen« und »Ökonomie«, »Örtchen«; «está»—dijo él—; „STAVENÍ“, PODNIKÁNÍ“; « À », « Â », “Ã”.
2√π·∫x dx, f·∫k, ∆∞, O(√π), ±√±1, ∂√∂x, ≈°, x≈±3; “É”… «Ĺ»; CAFÉ’S; Ňuf’; L’ÎLE’; Ì“ e Í“.
Tú «á» y «é»; “a”™; PŘÍLIŠ™; É™, Ä™ and Å™; R²±; ñandú»; ÄÖ“ ÜÄ”; ÀÂ’ÊÎ’; «ÉTÉ Â LA»."""
SENTENCES = _SENTENCES.split("\n")
DELICATE = _DELICATE.split("\n")


def damage(text, codec, times=1):
    for _ in range(times):
        text = text.encode().decode(CODECS[codec])
    return text


def places(sentence, codec, times):
    """The sentence damaged in one character, in one word, and throughout."""
    for at, char in enumerate(sentence):
        if not char.isascii():
            yield sentence[:at] + damage(char, codec, times) + sentence[at + 1 :]
    words = sentence.split(" ")
    for at, word in enumerate(words):
        if not word.isascii():
            yield " ".join([*words[:at], damage(word, codec, times), *words[at + 1 :]])
    yield damage(sentence, codec, times)


def locales():
    """The catalogues of Django's own interface: sound text in a hundred languages."""
    folder = Path(django.__file__).parent / "conf" / "locale"
    return sorted(folder.glob("*/LC_MESSAGES/django.po"))
