"""Defaults of a fresh database. Whatever an administrator changes afterwards stays changed: this runs once."""

CENTRE = "上海药品审评核查中心"
LANGUAGE = "zh_CN"
TIME_ZONE = "Asia/Shanghai"


def _set_defaults(env):
    _set_company(env)
    _name_accounts(env)
    _set_language(env)
    _close_doors(env)
    _hide_noise(env)
    env["ctsp.institution"]._load_public_register()


def _set_company(env):
    """The regulator's inspection centre runs the platform; yuan, A4, no slogan of anybody else."""
    company = env.ref("base.main_company")
    china = env.ref("base.cn")
    company.partner_id.write({"name": CENTRE, "country_id": china.id, "tz": TIME_ZONE})
    company.write({
        "name": CENTRE,
        "paperformat_id": env.ref("base.paperformat_euro").id,
        "currency_id": env.ref("base.CNY").id,
    })
    env.ref("base.CNY").active = True


def _name_accounts(env):
    """What the system writes by itself is signed by it; the first account says what it is for."""
    env.ref("base.partner_root").write({"name": "系统", "image_1920": False})
    env.ref("base.partner_admin").name = "应急管理员"
    env.ref("base.public_partner").name = "未登录的访客"


def _set_language(env):
    """Chinese and Shanghai time for everybody, present and to come."""
    language = env["res.lang"]._activate_lang(LANGUAGE)
    language.write({"date_format": "%Y-%m-%d", "time_format": "%H:%M:%S", "week_start": "1", "grouping": "[3,0]"})
    env["ir.default"].set("res.partner", "lang", LANGUAGE)
    env["ir.default"].set("res.partner", "tz", TIME_ZONE)
    users = env["res.users"].with_context(active_test=False).search([])
    users.partner_id.write({"lang": LANGUAGE, "tz": TIME_ZONE})


def _close_doors(env):
    """No self-registration, no password reset by mail, no invitations: accounts are made by an administrator."""
    parameters = env["ir.config_parameter"]
    parameters.set_param("auth_signup.invitation_scope", "b2b")
    parameters.set_param("auth_signup.reset_password", "False")


def _hide_noise(env):
    """No application store and no chat rooms, not even for the emergency account."""
    for name in ("base.menu_management", "mail.menu_root_discuss"):
        env.ref(name).active = False
