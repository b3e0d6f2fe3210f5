from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow


@tagged("post_install", "-at_install")
class TestWorkflowPure(BaseCase):
    """A workflow with a mistake in it does not come into being."""

    def test_a_sound_workflow(self):
        go = Transition("go", ("a",), "b")
        flow = Workflow("a", (go,))
        self.assertEqual(flow.states, {"a", "b"})
        self.assertEqual(list(flow.leaving("a")), [go])
        self.assertEqual((flow.get("go"), flow.get("no"), flow.deletable), (go, None, ("a",)))
        back = Transition("back", ("b",), "a")
        self.assertEqual(flow.extended(back).transitions, (go, back))

    def test_mistakes(self):
        go = Transition("go", ("a",), "b")
        for transitions in ((go, go), (go, Transition("on", ("c",), "d"))):
            with self.assertRaises(ValueError):
                Workflow("a", transitions)
        with self.assertRaises(ValueError):
            Workflow("a", (go,), deletable=("x",))
        for values in (
            {"code": "Go"}, {"code": "_go"}, {"sources": ()}, {"access": "unlink"}, {"groups": ("group_x",)},
        ):
            with self.assertRaises(ValueError):
                Transition(**{"code": "go", "sources": ("a",), "target": "b", **values})
        with self.assertRaises(TypeError):
            Transition("go", "a", "b")
