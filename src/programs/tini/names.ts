export const names = ['docker-init'] as const;
