/**
 * Words that say nothing about an industry because they occur in nearly every need, link or county text.
 * A stop word's parts don't count either. Our own list, kept short: rare words are told apart by their weight.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  [
    // grammar
    '的 了 和 与 及 以及 或 或者 等 等等 为 是 在 于 从 到 对 将 把 被 由 向 以 其 之 该 此 本 各 每 均 已 并 并且 且 而 也 都 还 又',
    '有 无 不 没有 可 可以 能 能够 需 需要 要 拟 计划 预计 约 左右 以上 以下 以内 之间 其中 其他 其它 包括 包含 含 不含 如 例如 主要 相关 有关',
    '上 下 中 前 后 内 外 间 年 月 日 个 家 台 套 条 只 件 批 项 种 类 用 专用 型 式 用于 应用 应用于 适用 适用于 供 供给 配套 给 所需 通过 进行 实现 提供 采用 利用 使用 具有 目前 现有 未来 今后 同时',
    '我们 我司 本公司 本项目 本企业 自己 希望 寻找 寻求 考虑 面向 根据 按照 由于 因此 为了 围绕 关于 一个 一种 多种 各类 各种 不同 部分 全部 以来 进一步',
    // firm and project
    '公司 企业 集团 有限 有限公司 股份 责任 厂 工厂 厂家 厂商 厂房 项目 工程 建设 新建 扩建 改建 扩产 扩能 技改 改造 迁建 搬迁 转移 落地 选址 投资 总投资 固定资产',
    '制造 制造业 制造商 生产 生产线 产线 产能 产量 产值 年产 年产值 年产量 生产能力 加工 加工业 深加工 精加工 精深加工 粗加工 初加工 产品 制品业 总成 整机 整机厂 部件 零部件 零件 配件 产业 产业链 产业园 行业 工业 业 业务 规模 品种',
    '园 园区 工业园 工业园区 开发区 经开区 经济开发区 高新区 基地 平台 用地 土地 亩 地块 面积 平方米 平方 建筑 建筑面积 车间 仓库 宿舍 办公 办公楼 研发 研发中心 总部 中心',
    '资金 万元 亿元 元 税收 利税 销售 销售额 销售收入 营收 收入 成本 总成本 利润 就业 员工 人员 工人 职工 用工 人 能耗 用电 用水 排放 指标 要素 环评 审批 政策 补贴',
    '技术 工艺 开发 先进 高端 优质 高品质 新型 现代 现代化 发展 提升 升级 转型 创新 战略 布局 市场 国内 国外 国际 全国 全省 客户 需求 供应 供应商 订单 出口 进口 内销 外销 品牌 龙头 知名',
    '上市 国家级 省级 重点 专业 从事 集 一体 一体化 综合 服务 管理 质量 标准 系列 型号 规格 一期 二期 三期 首期 分期 期 总 大 小 新 高 多 副 原 主 非 未 全 未列明 列明 活动 辅助',
    // units
    '吨 万吨 万台 万套 万件 万只 万支 万片 万个 万米 万平方 万平方米 立方米 万立方米 千瓦 兆瓦 公斤 千克 毫米 厘米 米 公里 小时',
    'kw kwh kva mm cm km kg mg ml nm um m2 m3 tce gb t d a h',
  ]
    .join(' ')
    .split(' '),
);

/** Stop words that stand within a compound (`疫苗用玻璃瓶`) and don't end it. */
export const JOINING_WORDS: ReadonlySet<string> = new Set(['用', '专用', '的', '之', '型', '式']);

/** The word before one of these names a use, not the thing made: `疫苗用玻璃瓶`. */
export const USE_ENDINGS: ReadonlySet<string> = new Set(['用', '专用']);

/** What follows one of these, up to the next stop word or sign, names a use or a customer: `用于新能源汽车`. */
export const USE_MARKERS: ReadonlySet<string> = new Set(
  '用于 应用 应用于 适用 适用于 供应 供 配套 面向 服务'.split(' '),
);

/** Stop words that may stand between a marker and what it marks: `应用于`. */
export const USE_PARTICLES: ReadonlySet<string> = new Set(['于', '给', '到', '为', '在']);

/** Regions a text may name that are no county of the reference data. */
export const REGION_WORDS: readonly string[] = [
  ...'中国 华东 江南 长三角 长江三角洲 浙江 浙江省 浙南 浙北 浙西 浙中 浙东 浙西南 浙东南 山区 山区县 工业大县 县 市 区 镇 乡 村 省 县城 城区'.split(
    ' ',
  ),
];
