export const page = () => 'Welcome to the shop';
